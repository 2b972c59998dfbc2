"""Hours sold under contract: tranches, default, a guarantor, prepayment."""
