// What layers.sh must find. Never compiled.
#include <vector>
#include "traitsync/core/error.hpp"
#include "traitsync/store/outbox.hpp"
#include "../store/statement.hpp"
#include <toml++/toml.h>
