package tg.gouv.messagerie.directory.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/** Reads accounts out of rows. */
final class Accounts {
    /** How many columns {@link #columns} makes. */
    static final int COLUMNS = 5;

    private Accounts() {}

    /** The columns of an account, for a query that has the table {@code account} under this alias. */
    static String columns(String alias) {
        return "%1$s.id, %1$s.kind, %1$s.state, %1$s.display_name, array(select each.address from address each where"
                        .formatted(alias)
                + " each.account_id = %s.id order by each.role = 'primary' desc, each.address)".formatted(alias);
    }

    /** The account whose columns begin at this one. */
    static Account at(ResultSet row, int column) throws SQLException {
        List<MailAddress> addresses = Arrays.stream(
                        (String[]) row.getArray(column + 4).getArray())
                .map(MailAddress::of)
                .toList();
        return new Account(
                new AccountId(row.getObject(column, UUID.class)),
                Account.Kind.valueOf(row.getString(column + 1).toUpperCase(Locale.ROOT)),
                Account.State.valueOf(row.getString(column + 2).toUpperCase(Locale.ROOT)),
                addresses.getFirst(),
                Set.copyOf(addresses),
                row.getString(column + 3));
    }

    /** The account whose columns begin at this one, unless an outer join found none. */
    static Optional<Account> ifAny(ResultSet row, int column) throws SQLException {
        return row.getObject(column) == null ? Optional.empty() : Optional.of(at(row, column));
    }
}
