// The entry point that all unit test programs share.
#define BOOST_TEST_MODULE traitsync
#include <boost/test/unit_test.hpp>
