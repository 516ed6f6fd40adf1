// Nothing: CMake precompiles the headers of rooms.cmake for some source file, and all rooms share them.
