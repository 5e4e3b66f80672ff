// Asio's TLS, compiled once, as emulator/base/compiled.cpp has the rest of it.
#include <boost/asio/ssl/impl/src.hpp>
