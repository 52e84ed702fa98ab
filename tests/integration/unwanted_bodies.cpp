// Bodies that come with a question that has none: they are not kept in memory, and the question is answered.

#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include "by_socket.hpp"

namespace {
using namespace traitsync;
using boost::asio::ip::tcp;
using test::has;

struct burdened : test::by_socket {
    burdened() { start(); }
    // Of one who shows no token.
    std::string head_of(std::string const& more, std::string const& target = "/healthz") const {
        return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\n", target, api->port(), more);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(unwanted_bodies, burdened)

// Each body lacks some bytes, so that it would be kept until the time for it is over.
BOOST_AUTO_TEST_CASE(many_at_once_take_no_memory, *boost::unit_test::precondition(test::preloads)) {
    auto const before = service->resident_bytes();
    service->forget_peak();
    std::vector<tcp::socket> greedy;
    for (int i = 0; i < 200; ++i) {
        auto& s = greedy.emplace_back(connected());
        boost::asio::write(s, boost::asio::buffer(head_of("Content-Length: 1048576\r\n")));
        boost::system::error_code closed_already;
        boost::asio::write(s, boost::asio::buffer(std::string(1'000'000, 'x')), closed_already);
    }
    auto const peak = service->peak_resident_bytes();
    BOOST_TEST_MESSAGE(before << " bytes before, " << peak << " with them");
    BOOST_TEST(peak < before + 20'000'000U);
    BOOST_TEST(api->get("/healthz").status == 200);
}

BOOST_AUTO_TEST_CASE(the_question_is_answered_and_the_connection_closed) {
    for (auto const* body :
         {"Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
          "Content-Length: 1000\r\n\r\nthe rest does not come", "Expect: 100-continue\r\nContent-Length: 5\r\n"}) {
        auto s = connected();
        boost::asio::write(s, boost::asio::buffer(head_of(body)));
        auto const answer = rest_of(s);
        BOOST_TEST(answer.starts_with("HTTP/1.1 200"), answer);
        BOOST_TEST(has(answer, "Connection: close"), answer);
    }
    auto s = connected();
    boost::asio::write(s, boost::asio::buffer(head_of("Content-Length: 2000000\r\n")));
    BOOST_TEST(rest_of(s).starts_with("HTTP/1.1 413"), "what no path would take is refused as before");
}

BOOST_AUTO_TEST_CASE(a_body_of_no_bytes_is_none_and_the_connection_stays) {
    auto s = connected();
    auto const asks = head_of("Content-Length: 0\r\n");
    boost::asio::write(s, boost::asio::buffer(asks + asks + head_of("Connection: close\r\n")));
    auto const answers = rest_of(s);
    std::size_t count = 0;
    for (auto at = answers.find("HTTP/1.1 200"); at != std::string::npos; at = answers.find("HTTP/1.1 200", at + 1))
        ++count;
    BOOST_TEST(count == 3U, answers);
}

BOOST_AUTO_TEST_SUITE_END()
