#include "support/api_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>

namespace traitsync::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

tcp::socket connected(asio::io_context& loop, std::uint16_t port) {
    tcp::socket socket{loop};
    socket.connect({asio::ip::address_v4::loopback(), port});
    return socket;
}

}  // namespace

boost::json::value api_reply::json() const { return boost::json::parse(body); }

api_reply api_client::request(std::string const& method, std::string const& target, std::string const& body,
                              headers more) const {
    asio::io_context loop;
    auto socket = connected(loop, port_);
    http::request<http::string_body> message;
    message.method_string(method);
    message.target(target);
    message.version(11);
    message.set(http::field::host, "127.0.0.1:" + std::to_string(port_));
    message.set(http::field::connection, "close");
    if (!token_.empty()) message.set(http::field::authorization, "Bearer " + token_);
    if (!body.empty()) message.set(http::field::content_type, "application/json");
    for (auto const& [name, value] : more) message.set(name, value);
    message.body() = body;
    message.prepare_payload();
    boost::system::error_code ignored;
    http::write(socket, message, ignored);  // the answer may come before everything was sent
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    if (method == "HEAD") parser.skip(true);
    http::read(socket, buffer, parser);
    api_reply reply;
    reply.status = static_cast<int>(parser.get().result_int());
    for (auto const& field : parser.get()) {
        std::string name{field.name_string()};
        for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        reply.headers[name] = std::string{field.value()};
    }
    reply.body = std::move(parser.get().body());
    return reply;
}

std::string api_client::raw(std::string const& bytes) const {
    asio::io_context loop;
    auto socket = connected(loop, port_);
    boost::system::error_code failed;
    asio::write(socket, asio::buffer(bytes), failed);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), failed);
    return answer;
}

}  // namespace traitsync::test
