/** @param {import("knex").Knex} knex */
export async function up(knex) {
  await knex.schema.createTable("customers", (table) => {
    table.increments("id");
    table.text("email").notNullable().unique();
    table.text("name").notNullable();
    table.date("born");
    table.text("notes");
  });
  await knex.schema.createTable("orders", (table) => {
    table.increments("id");
    table.integer("customer_id").notNullable().references("customers.id");
    table.decimal("total", 10, 2).notNullable();
    table.timestamp("placed_at").notNullable();
  });
}

/** @param {import("knex").Knex} knex */
export async function down(knex) {
  await knex.schema.dropTable("orders");
  await knex.schema.dropTable("customers");
}
