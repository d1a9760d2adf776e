// SPDX-License-Identifier: Apache-2.0
// The parts of report.html: texts of page.html, page.css and page.js.
#pragma once

namespace ipusim::app::page {

// With {{title}}, {{style}}, {{data}} and {{script}} in it.
extern const char* const html;
extern const char* const css;
extern const char* const js;

}  // namespace ipusim::app::page
