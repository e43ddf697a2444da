/* Logarithm, exponential and root made of + - * / alone: the same result on every build and every libc, so
   that what is decided by them replays. */
#ifndef BATON_BASE_EXACT_H
#define BATON_BASE_EXACT_H

/* Of x > 0. */
double exact_ln(double x);
/* Of x <= 0; what is below -30 counts as -30. */
double exact_exp(double x);
/* 1 / (1 + e^-x). */
double exact_logistic(double x);
/* Of x >= 0. */
double exact_root(double x);

#endif
