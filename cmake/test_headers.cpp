// SPDX-License-Identifier: Apache-2.0
// The translation unit that the precompiled headers of the tests belong to.
