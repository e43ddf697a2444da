"""A PDF of the page on standard input by WeasyPrint, again and again: the median, in milliseconds of a processor."""
import statistics
import sys
import time

import weasyprint

ROUNDS = 5
page = sys.stdin.read()
weasyprint.HTML(string=page).write_pdf()  # fonts are found by then


def once():
    begin = time.process_time()
    weasyprint.HTML(string=page).write_pdf()
    return (time.process_time() - begin) * 1000


print(f"{statistics.median(once() for _ in range(ROUNDS)):.3f}")
