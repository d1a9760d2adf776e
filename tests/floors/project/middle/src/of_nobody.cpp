// Of nobody.
#include <ipusim/nobody/x.hpp>
