package tg.gouv.messagerie.platform.backup;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.database.Snapshot;
import tg.gouv.messagerie.platform.database.Sql;

/** The objects that a column names, some at a time. */
final class ObjectNames {
    private ObjectNames() {}

    /** What is done with some of them. */
    @FunctionalInterface
    interface Some {
        void take(List<BlobId> names) throws IOException;
    }

    /** Reads them out of a snapshot. */
    static void read(Snapshot snapshot, ObjectColumn column, int atOnce, Some some) throws IOException {
        snapshot.read(connection -> {
            read(connection, column, atOnce, some);
            return column;
        });
    }

    /** Reads them on a connection that is in a transaction. */
    static void read(Connection transaction, ObjectColumn column, int atOnce, Some some)
            throws SQLException, IOException {
        try (PreparedStatement statement = Sql.prepare(transaction, column.query())) {
            statement.setFetchSize(atOnce);
            try (ResultSet rows = statement.executeQuery()) {
                List<BlobId> names = new ArrayList<>(atOnce);
                while (rows.next()) {
                    names.add(new BlobId(rows.getObject(1, UUID.class)));
                    if (names.size() == atOnce) {
                        some.take(names);
                        names.clear();
                    }
                }
                some.take(names);
            }
        }
    }
}
