#pragma once
// A blocking HTTP client that shows what came over the wire, cuts and resets included.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traitsync::demo::test {

struct raw_answer {
    int status = 0;                              // 0: no head came
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;                            // chunks joined, not unpacked
    bool whole = false;                          // the body ended where its head said
};

using raw_headers = std::vector<std::pair<std::string, std::string>>;

class raw_client {
public:
    explicit raw_client(std::uint16_t port);
    ~raw_client();
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    bool connected() const { return socket_ >= 0; }
    // Host and Content-Length are added.
    raw_answer exchange(std::string_view method, std::string_view target, raw_headers const& headers = {},
                        std::string_view body = {});
    raw_answer exchange_text(std::string_view request);

private:
    bool fill();
    bool fill_to(std::size_t size);
    bool read_chunks(std::string& body);

    int socket_ = -1;
    std::string received_;
};

}  // namespace traitsync::demo::test
