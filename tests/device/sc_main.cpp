// SPDX-License-Identifier: Apache-2.0
// gtest brings main(); SystemC's library asks for this one all the same.
extern "C" int sc_main(int, char**) { return 0; }
