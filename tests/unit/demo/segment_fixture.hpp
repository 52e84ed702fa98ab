#pragma once
// A built-in Segment and a client of it.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "raw_client.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::demo::test {

struct segment_fixture {
    segment_service service{segment_options{.write_key = "key"}};
    raw_headers headers{{"Authorization", "Basic a2V5Og=="}, {"Content-Type", "application/json"}};  // key:

    raw_answer post(std::string_view body) {
        raw_client client{service.port()};
        return client.exchange("POST", "/v1/batch", headers, body);
    }
    int send(std::vector<std::string> const& messages) { return post(batch(messages)).status; }

    static std::string batch(std::vector<std::string> const& messages) {
        return fmt::format(R"({{"batch":[{}],"integrations":{{"All":true}},"sentAt":"2026-05-02T10:00:01.250Z"}})",
                           fmt::join(messages, ","));
    }
    static std::string message(std::string_view id, std::string_view user, std::string_view traits = R"({"a":1})") {
        return fmt::format(
            R"({{"type":"identify","messageId":"{}","userId":"{}","timestamp":"2026-05-02T10:00:00.000Z","traits":{}}})",
            id, user, traits);
    }
};

}  // namespace traitsync::demo::test
