// Sizes of a tile's block, for all sources: NX, NY, NZ cells and ITERATIONS come from the program file.
#ifndef STENCIL_H
#define STENCIL_H

#if NX % 4 || NX < 8
#error a row is a multiple of four cells, at least eight
#endif
#if NY * NZ < 6
#error every worker must have a row
#endif
#if ITERATIONS % 2
#error the field is back in its first buffer after an even number of iterations
#endif

// Faces one behind the other, in words: x-, x+ [z][y], y-, y+ [z][x], z-, z+ [y][x].
#define X_FACE (NY * NZ)
#define Y_FACE (NX * NZ)
#define Z_FACE (NX * NY)
#define FACE_Y (2 * X_FACE)
#define FACE_Z (FACE_Y + 2 * Y_FACE)
#define FACE_WORDS (FACE_Z + 2 * Z_FACE)

#define ROW_BYTES (4 * NX)
#define PLANE_BYTES (4 * NX * NY)
#define FIELD_BYTES (4 * NX * NY * NZ)

#endif
