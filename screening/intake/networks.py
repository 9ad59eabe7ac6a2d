"""Which network a request comes from, coarse enough that changing the last digits gains nothing."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# What one household, office or provider's customer usually has.
PREFIX = {4: 24, 6: 48}


def network_of(request: HttpRequest) -> str:
    """The network of the caller, such as "203.0.113.0/24"; empty when nobody can tell.

    The address is the one that our own proxies name (`TRUSTED_PROXIES`), never what the caller claims.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied):
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, PREFIX[address.version]), strict=False))
