from . import (
    consortium_demo,
    consortium_demo_accounting,
    consortium_demo_affairs,
    consortium_demo_books,
    consortium_demo_hours,
    consortium_demo_learning,
    consortium_demo_members,
    consortium_demo_practice,
    consortium_demo_report,
    consortium_demo_services,
    res_company,
)
