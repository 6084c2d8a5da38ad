"""Supervisory evaluation of how banks serve small and micro firms 小微企业金融服务监管评价."""

__version__ = "0.3.0"
__all__ = ["__version__"]
