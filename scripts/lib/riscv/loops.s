# Scalar RISC-V loops that do what loops of tests/tile_contract/tile_speed.cpp do, as a whole static executable: the
# headers of the file come first, so that it needs no linker. Assembled by scripts/lib/qemu_loops.py with
#   LOOP    0 integer, 1 axpy, 2 products, 3 mixture
#   PASSES  how often
# Every loop's comment counts its instructions, which qemu_loops.py states too.
.equ base, 0x10000
.equ headers, 64 + 56        # of the file and of its only segment: differences of labels would need a linker
.equ file_bytes, 0x400
.equ arrays, 0x20000          # two, 64 KiB apart
.equ elements, 1000

  .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0
  .zero 8
  .half 2, 243                # executable, RISC-V
  .word 1
  .quad base + headers, 64, 0
  .word 4                     # double-precision calling convention
  .half 64, 56, 1, 64, 0, 0
  .word 1, 7                  # one segment, all of it readable, writable and executable
  .quad 0, base, base, file_bytes, 0x40000, 0x1000

  li t0, arrays
  li t1, 2 * elements
  li t2, 1
fill:                         # ordinary numbers in both arrays
  andi t3, t2, 15
  fcvt.s.w fa0, t3
  fsw fa0, 0(t0)
  li t4, 0x10000
  add t4, t4, t0
  fsw fa0, 0(t4)
  addi t0, t0, 4
  addi t2, t2, 1
  bne t2, t1, fill
  li s0, PASSES
  fcvt.s.w fa5, t2

.if LOOP == 0                 # 5 per pass
loop:
  addi a1, a1, 3
  xor a2, a2, a1
  slli a3, a2, 1
  addi s0, s0, -1
  bnez s0, loop

.elseif LOOP == 1             # 7 per element
pass:
  li a0, arrays
  li a1, arrays + 0x10000
  li a2, arrays + 4 * elements
loop:
  flw fa0, 0(a0)
  flw fa1, 0(a1)
  fmadd.s fa1, fa0, fa5, fa1
  fsw fa1, 0(a1)
  addi a0, a0, 4
  addi a1, a1, 4
  bne a0, a2, loop
  addi s0, s0, -1
  bnez s0, pass

.elseif LOOP == 2             # 6 per product
pass:
  li a0, arrays
  li a1, arrays + 0x10000
  li a2, arrays + 4 * elements
  fcvt.s.w fa2, zero
loop:
  flw fa0, 0(a0)
  flw fa1, 0(a1)
  fmadd.s fa2, fa0, fa1, fa2
  addi a0, a0, 4
  addi a1, a1, 4
  bne a0, a2, loop
  addi s0, s0, -1
  bnez s0, pass

.else                         # 18 per pass
  li a0, arrays
  li a1, arrays + 0x10000
loop:
  addi t1, t1, 3              # integers
  xor t2, t2, t1
  slli t3, t2, 1
  lw t4, 0(a0)                # memory
  sw t4, 0(a1)
  addi t5, t4, 1
  flw fa0, 4(a0)              # single precision
  flw fa1, 4(a1)
  fmul.s fa2, fa0, fa1
  fadd.s fa3, fa0, fa1
  fsub.s fa4, fa0, fa1
  fsw fa4, 8(a1)
  fmadd.s fa6, fa0, fa1, fa5  # products
  slt t6, s0, t1              # control
  bltz s0, out
  j next
next:
  addi s0, s0, -1
  bnez s0, loop
.endif

out:
  li a7, 93                   # exit(0)
  li a0, 0
  ecall
.org file_bytes
