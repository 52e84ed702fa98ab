// fmt's bodies, compiled once: Debian packages no static libfmt, and in each unit that includes it they cost 2 to 3 s.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {
// What callers in other units ask for and format-inl.h defines as templates.
template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;
template locale_ref::locale_ref(std::locale const&);
template std::locale locale_ref::get<std::locale>() const;
template thousands_sep_result<char> thousands_sep_impl(locale_ref);
template char decimal_point_impl(locale_ref);
template void buffer<char>::append(char const*, char const*);
template void vformat_to(buffer<char>&, string_view, basic_format_args<buffer_context<char>>, locale_ref);
}  // namespace detail
FMT_END_NAMESPACE
