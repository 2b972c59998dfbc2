"""The rack: what it costs to buy, what it is worth at the end, how many GPU-hours it offers."""


def equipment_price_usd_per_rack(
    gpu_price_usd_per_gpu,
    network_price_usd_per_gpu,
    storage_price_usd_per_gpu,
    gpu_per_rack,
    server_price_usd_per_rack,
):
    """Price of the rack's equipment: what is quoted by the GPU and what is quoted for the rack as a
    whole.
    """
    return (
        gpu_price_usd_per_gpu + network_price_usd_per_gpu + storage_price_usd_per_gpu
    ) * gpu_per_rack + server_price_usd_per_rack


def it_capex_usd_per_rack(equipment_price_usd_per_rack, spare_fraction, installation_fraction):
    """Capital spent on a rack at time 0: equipment with spares, freight, integration and
    sales tax.
    """
    return equipment_price_usd_per_rack * (1.0 + spare_fraction) * (1.0 + installation_fraction)


def residual_usd_per_rack(residual_fraction, equipment_price_usd_per_rack):
    """What the rack is sold for at the end of its economic life."""
    return residual_fraction * equipment_price_usd_per_rack


def installed_gpu_hour_per_rack_year(gpu_per_rack, hour_per_year):
    """GPU-hours of a rack in a year of 8,760 hours, working or not."""
    return gpu_per_rack * hour_per_year


def available_gpu_hour_per_rack_year(installed_gpu_hour_per_rack_year, availability):
    """GPU-hours of a rack in a year in which it could be sold."""
    return installed_gpu_hour_per_rack_year * availability


def sold_gpu_hour_per_rack_year(available_gpu_hour_per_rack_year, utilisation):
    """GPU-hours of a rack that are sold in a year, after any ramp."""
    return available_gpu_hour_per_rack_year * utilisation


def site_it_capex_usd(rack_count, it_capex_usd_per_rack):
    """Capital spent on all racks of the site."""
    return rack_count * it_capex_usd_per_rack


def site_it_load_kw(rack_count, it_load_kw_per_rack):
    """IT load of all racks of the site at full load."""
    return rack_count * it_load_kw_per_rack


def site_cost_usd_per_year(rack_count, cost_usd_per_rack_year):
    """Yearly cost of all racks of the site, capital included."""
    return rack_count * cost_usd_per_rack_year
