/*
 * function.h: the kernel of a function, for steps that call it themselves.
 */
#ifndef MX_OP_FUNCTION_H
#define MX_OP_FUNCTION_H

#include "kernel/function.h"
#include "model/nodes.h"

MxFunctionKernel mx_function_kernel(MxFunctionKind kind);

#endif
