#pragma once
// What holds for the head of any request before somebody asks which path it names (RFC 9112, RFC 9110). Private to
// admin/.

#include <optional>
#include <string_view>

#include "exchange.hpp"

namespace traitsync::admin {

// An absolute target, as proxies are sent, becomes its path, and its authority the Host: that of the header does not
// count then.
void to_origin_form(request_head& head);

// Heads that a proxy in front might read otherwise than we do: of two headers the other one, or another end of the
// body. Nothing where the head is fine.
std::optional<problem> check_form(request_head const& head);

// Whether a body is JSON in UTF-8, sent as it is; nothing where it is.
std::optional<problem> check_media_type(request_head const& head);

// Whether an Accept-Encoding takes gzip: named, or meant by *, and not with q=0.
bool takes_gzip(std::string_view accept_encoding);

}  // namespace traitsync::admin
