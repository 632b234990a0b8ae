package tg.gouv.messagerie.platform.backup;

import java.util.regex.Pattern;

/** A column that names objects of the blob store: what a backup must bring along with the rows. */
public record ObjectColumn(String schema, String table, String column) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z_]{0,62}");

    public ObjectColumn {
        for (String name : new String[] {schema, table, column}) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a name is lower-case letters and underscores, found " + name);
            }
        }
    }

    /** The names in the column. */
    String query() {
        return "select distinct " + column + " from " + schema + "." + table + " where " + column + " is not null";
    }
}
