"""The middle floor: moves sealed changes between devices by way of the office, and pairs devices.

Knows what travels and who may have it; never what a visit is or how anything looks.
"""
