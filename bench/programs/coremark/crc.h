// CRC-16 (polynomial x¹⁶ + x¹⁵ + x² + 1, least bit first), bit by bit: no table, only shifts and branches.
#pragma once

#include "bench.h"

static inline uint16_t crc_byte(uint16_t crc, uint8_t byte) {
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++) {
        if (crc & 1) {
            crc = (uint16_t)(crc >> 1 ^ 0xA001);
        } else {
            crc >>= 1;
        }
    }
    return crc;
}

static NOINLINE uint16_t crc_half(uint16_t crc, uint16_t value) {
    return crc_byte(crc_byte(crc, (uint8_t)value), (uint8_t)(value >> 8));
}

static inline uint16_t crc_word(uint16_t crc, uint32_t value) {
    return crc_half(crc_half(crc, (uint16_t)value), (uint16_t)(value >> 16));
}
