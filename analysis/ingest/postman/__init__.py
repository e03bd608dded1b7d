"""Postman collections to an inventory."""
