#pragma once
// The head of a request as the bytes of HTTP/1.1. Private to net/.

#include <string>

#include "traitsync/net/http.hpp"

namespace traitsync::net {

// Without the body. Adds Host, User-Agent (unless empty or given), Accept-Encoding (unless given) and Content-Length
// (with a body, and for methods that usually have one). Refuses methods, targets and headers that would break the head,
// in words without their values.
result<std::string> request_head(request const& r, url const& origin, std::string const& user_agent);

}  // namespace traitsync::net
