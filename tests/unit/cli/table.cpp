#include "../../../src/cli/table.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

BOOST_AUTO_TEST_SUITE(table_of)

BOOST_AUTO_TEST_CASE(one_long_value_stands_out_whole_and_moves_no_other_line) {
    using namespace traitsync::cli;
    std::ostringstream out, err;
    console c{out, err, false, false};
    std::string const longest(5000, 'x');
    table t{{"user", ">n", "state"}};
    t.add({"ada", "1", "synced"});
    t.add({longest, "12", "dead"});
    t.print(c);
    auto const pad = [](std::size_t n) { return std::string(n, ' '); };
    BOOST_TEST(out.str() == "user" + pad(56) + "   n  state\n" +      //
                                "ada" + pad(57) + "   1  synced\n" +  //
                                longest + "  12  dead\n");
}

BOOST_AUTO_TEST_SUITE_END()
