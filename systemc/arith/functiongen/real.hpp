// SPDX-License-Identifier: Apache-2.0
// A real number of 320 bits, on MPFR.
#pragma once

#include <mpfr.h>

#include <cstdint>

namespace ipusim::functiongen {

class Real {
 public:
  Real(long value = 0) {  // NOLINT(google-explicit-constructor): numbers mix with integers
    mpfr_init2(v_, precision);
    mpfr_set_si(v_, value, MPFR_RNDN);
  }
  Real(const Real& other) {
    mpfr_init2(v_, precision);
    mpfr_set(v_, other.v_, MPFR_RNDN);
  }
  Real& operator=(const Real& other) {
    mpfr_set(v_, other.v_, MPFR_RNDN);
    return *this;
  }
  ~Real() { mpfr_clear(v_); }

  friend Real operator+(const Real& x, const Real& y) { return apply(mpfr_add, x, y); }
  friend Real operator-(const Real& x, const Real& y) { return apply(mpfr_sub, x, y); }
  friend Real operator*(const Real& x, const Real& y) { return apply(mpfr_mul, x, y); }
  friend Real operator/(const Real& x, const Real& y) { return apply(mpfr_div, x, y); }
  bool is_zero() const { return mpfr_zero_p(v_) != 0; }

  static Real pi() {
    Real r;
    mpfr_const_pi(r.v_, MPFR_RNDN);
    return r;
  }
  Real cos() const { return apply(mpfr_cos, *this); }
  Real exp2() const { return apply(mpfr_exp2, *this); }
  Real log2() const { return apply(mpfr_log2, *this); }
  Real ln() const { return apply(mpfr_log, *this); }
  Real ln_1p() const { return apply(mpfr_log1p, *this); }
  Real tanh() const { return apply(mpfr_tanh, *this); }

  // The nearest multiple of 2^-count, in that unit.
  std::int64_t fixed(unsigned count) const {
    Real scaled;
    mpfr_mul_2ui(scaled.v_, v_, count, MPFR_RNDN);
    return mpfr_get_sj(scaled.v_, MPFR_RNDN);
  }

 private:
  static constexpr mpfr_prec_t precision = 320;
  static Real apply(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t), const Real& x, const Real& y) {
    Real r;
    f(r.v_, x.v_, y.v_, MPFR_RNDN);
    return r;
  }
  static Real apply(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const Real& x) {
    Real r;
    f(r.v_, x.v_, MPFR_RNDN);
    return r;
  }
  mpfr_t v_;
};

}  // namespace ipusim::functiongen
