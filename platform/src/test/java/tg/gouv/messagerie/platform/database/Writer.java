package tg.gouv.messagerie.platform.database;

import java.nio.file.Path;

/** A program that opens the private database of a directory and writes numbers until it is killed, each printed once durable. */
final class Writer {
    private Writer() {}

    /** Prints the process of PostgreSQL, then every number that was acknowledged. */
    @SuppressWarnings("SystemOut") // its output is what the test reads
    public static void main(String[] arguments) {
        Database database = Databases.open(DatabaseSettings.embeddedByDefault(), Path.of(arguments[0]));
        database.migrate("specimen");
        Connections connections = database.connections("writer", "specimen", 2);
        System.out.println(database.processId().orElseThrow());
        for (int i = 0; ; i++) {
            String name = arguments[1] + i;
            connections.transaction(c -> Sql.update(c, "insert into thing(name) values (?)", name));
            System.out.println(name);
        }
    }
}
