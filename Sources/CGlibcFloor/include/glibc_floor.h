#pragma once
// Nothing to call: see glibc_floor.c.
