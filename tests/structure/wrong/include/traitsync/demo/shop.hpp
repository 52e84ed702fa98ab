// What layers.sh must find. Never compiled.
#include "traitsync/net/http.hpp"
#include "traitsync/engine/engine.hpp"
