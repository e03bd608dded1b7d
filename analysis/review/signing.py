"""Sign-off of an exported packet and its verification: the door to the packet's signatures."""

from __future__ import annotations

from analysis.packet.signoff import Verification, sign, verify

__all__ = ["Verification", "sign", "verify"]
