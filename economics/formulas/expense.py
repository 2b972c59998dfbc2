"""The running cost of a rack: what its parts must say of themselves."""

from kernels.language.node import part_of

EXPENSE = "operating_expense_usd_per_rack_year"


def expense(*, escalates_by, cash, with_use):
    """A mark: the yearly cost of a rack is a part of its operating expense.

    `escalates_by` is "opex", "electricity" or None, `cash` whether it is paid, and not an internal
    rent, `with_use` whether it depends on utilisation. Errors: ValueError.
    """
    if escalates_by not in ("opex", "electricity", None):
        raise ValueError(f'escalates_by = {escalates_by!r}: expected "opex", "electricity" or None')
    part = part_of(EXPENSE, escalates_by=escalates_by, cash=cash, with_use=with_use)

    def mark(formula):
        name = formula.__dict__.get("marks_of_quantity", {}).get("name", formula.__name__)
        if not name.endswith("_usd_per_rack_year"):
            raise ValueError(f"{name}: a part of the expense is named ..._usd_per_rack_year")
        return part(formula)

    return mark
