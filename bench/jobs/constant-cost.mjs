const STAND_INS = ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel"];

/** A mask that costs next to nothing, whatever the value: what is measured is the way there and back. */
export const constantCost = (value) => STAND_INS[value.length & 7];
