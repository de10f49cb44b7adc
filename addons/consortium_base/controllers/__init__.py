from . import office_register, portal
