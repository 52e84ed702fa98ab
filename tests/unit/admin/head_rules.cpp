#include "../../../src/admin/head_rules.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {
using namespace traitsync::admin;
namespace data = boost::unit_test::data;

std::vector<std::string> const takers{"gzip",     "GZip",         "x-gzip",
                                      "br, gzip", "gzip;q=0.001", "identity;q=0, gzip ; q=1.0",
                                      "*",        "*;q=0, gzip",  "deflate,gzip;q=0.5",
                                      "*;q=0.1"};
std::vector<std::string> const others{"",        "identity",      "br",      "gzip;q=0", "gzip ; Q=0.000",
                                      "*;q=0",   "*, gzip;q=0.0", "notgzip", "gzipped",  "deflate;x=gzip",
                                      ", ,;q=1", "gzip;q=0, *"};
}  // namespace

BOOST_AUTO_TEST_SUITE(heads_of_requests)

BOOST_DATA_TEST_CASE(gzip_is_for_those_who_take_it, data::make(takers)) { BOOST_TEST(takes_gzip(sample)); }
BOOST_DATA_TEST_CASE(and_not_for_others, data::make(others)) { BOOST_TEST(!takes_gzip(sample)); }

BOOST_AUTO_TEST_SUITE_END()
