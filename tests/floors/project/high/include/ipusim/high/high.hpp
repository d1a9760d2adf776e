#pragma once
#include "ipusim/low/low.hpp"
