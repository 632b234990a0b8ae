package tg.gouv.messagerie.directory.ldap;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.directory.api.ldap.model.entry.Attribute;
import org.apache.directory.api.ldap.model.entry.AttributeUtils;
import org.apache.directory.api.ldap.model.entry.Entry;
import org.apache.directory.api.ldap.model.entry.Modification;
import org.apache.directory.api.ldap.model.exception.LdapEntryAlreadyExistsException;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.exception.LdapNoSuchObjectException;
import org.apache.directory.api.ldap.model.exception.LdapOtherException;
import org.apache.directory.api.ldap.model.exception.LdapUnwillingToPerformException;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.name.Ava;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.name.Rdn;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.server.core.api.entry.ClonedServerEntry;
import org.apache.directory.server.core.api.filtering.EntryFilteringCursor;
import org.apache.directory.server.core.api.interceptor.context.AddOperationContext;
import org.apache.directory.server.core.api.interceptor.context.DeleteOperationContext;
import org.apache.directory.server.core.api.interceptor.context.HasEntryOperationContext;
import org.apache.directory.server.core.api.interceptor.context.LookupOperationContext;
import org.apache.directory.server.core.api.interceptor.context.ModifyOperationContext;
import org.apache.directory.server.core.api.interceptor.context.MoveAndRenameOperationContext;
import org.apache.directory.server.core.api.interceptor.context.MoveOperationContext;
import org.apache.directory.server.core.api.interceptor.context.RenameOperationContext;
import org.apache.directory.server.core.api.interceptor.context.SearchOperationContext;
import org.apache.directory.server.core.api.partition.PartitionTxn;
import org.apache.directory.server.core.api.partition.PartitionWriteTxn;
import org.apache.directory.server.core.api.partition.Subordinates;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * The transaction is begun and committed outside, around the whole operation (Writes): ApacheDS's own, which it neither commits nor
 * aborts when something unforeseen is thrown, is a form without content here.
 */
/** The entries as ApacheDS's interceptors read and write them. */
final class TreePartition extends QuietPartition {
    private final Tree tree;
    private final EntryCodec codec;
    private final InstantSource clock;

    TreePartition(SchemaManager schema, Tree tree, InstantSource clock) {
        this.schemaManager = schema;
        this.id = "directory";
        this.suffixDn = tree.base().dn();
        this.tree = tree;
        this.codec = new EntryCodec(schema, tree.base());
        this.clock = clock;
    }

    @Override
    public PartitionWriteTxn beginWriteTransaction() {
        return new Outside();
    }

    @Override
    public @Nullable Entry lookup(LookupOperationContext context) throws LdapException {
        try {
            Row row = tree.at(context.getDn()).orElse(null);
            return row == null ? null : new ClonedServerEntry(codec.entry(row));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public boolean hasEntry(HasEntryOperationContext context) throws LdapException {
        try {
            return tree.at(context.getDn()).isPresent();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public Subordinates getSubordinates(PartitionTxn transaction, Entry entry) throws LdapException {
        Subordinates none = new Subordinates();
        try {
            Row row = tree.at(entry.getDn()).orElse(null);
            if (row != null && tree.hasChildren(row.id())) {
                none.setNbChildren(1);
                none.setNbSubordinates(1);
            }
            return none;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public EntryFilteringCursor search(SearchOperationContext context) throws LdapException {
        throw new LdapUnwillingToPerformException(ResultCodeEnum.UNWILLING_TO_PERFORM, "searches do not pass here");
    }

    @Override
    public void add(AddOperationContext context) throws LdapException {
        Entry entry =
                context.getEntry() instanceof ClonedServerEntry cloned ? cloned.getClonedEntry() : context.getEntry();
        Dn name = context.getDn();
        try {
            String above = tree.base().path(name.getParent()).orElseThrow();
            Long id = Sql.first(
                            connection(),
                            row -> row.getLong(1),
                            """
                            with above as (select id from ldap_entry where path = ? for key share),
                            made as (
                                insert into ldap_entry(entry_uuid, parent_id, path, dn, attrs, created, changed)
                                select ?, above.id, ?, ?, ?::jsonb, now.at, now.at
                                from above cross join (select ?::timestamptz as at) now
                                on conflict (path) do nothing returning id, entry_uuid, dn, changed
                            ),
                            told as (
                                insert into ldap_change(at, entry_uuid, kind, dn) select changed, entry_uuid, 'add', dn from made
                            )
                            select id from made
                            """,
                            above,
                            UUID.randomUUID(),
                            tree.base().path(name).orElseThrow(),
                            tree.base().relative(name),
                            Json.write(codec.kept(entry)),
                            now())
                    .orElseThrow(() -> new LdapEntryAlreadyExistsException("there is one"));
            indexed(id);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void modify(ModifyOperationContext context) throws LdapException {
        try {
            Row row = existing(context.getDn());
            Entry entry = codec.entry(row);
            for (Modification each : context.getModItems()) {
                AttributeUtils.applyModification(entry, each);
            }
            store(row, entry, row.dn(), row.path(), "modify");
            context.setAlteredEntry(new ClonedServerEntry(entry));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public Entry delete(DeleteOperationContext context) throws LdapException {
        try {
            Row row = existing(context.getDn());
            Sql.update(connection(), "delete from ldap_entry where id = ?", row.id());
            told(row.uuid(), "delete", row.dn());
            return new ClonedServerEntry(codec.entry(row));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void rename(RenameOperationContext context) throws LdapException {
        relocate(context.getDn(), context.getNewDn(), context.getNewRdn(), context.getDeleteOldRdn());
    }

    @Override
    public void move(MoveOperationContext context) throws LdapException {
        relocate(context.getDn(), context.getNewDn(), null, false);
    }

    @Override
    public void moveAndRename(MoveAndRenameOperationContext context) throws LdapException {
        relocate(context.getDn(), context.getNewDn(), context.getNewRdn(), context.getDeleteOldRdn());
    }

    private void relocate(Dn from, Dn to, @Nullable Rdn rdn, boolean deleteOld) throws LdapException {
        try {
            Row row = existing(from);
            Row above = tree.kept(to.getParent()).orElseThrow(() -> new LdapNoSuchObjectException("no parent"));
            if (above.path().startsWith(row.path())) {
                throw new LdapUnwillingToPerformException(ResultCodeEnum.UNWILLING_TO_PERFORM, "below itself");
            }
            Entry entry = codec.entry(row);
            if (rdn != null) {
                if (deleteOld) {
                    for (Ava ava : from.getRdn()) {
                        remove(entry, ava);
                    }
                }
                for (Ava ava : rdn) {
                    entry.add(
                            schemaManager.getAttributeType(ava.getType()),
                            ava.getValue().getString());
                }
            }
            String path = tree.base().path(to).orElseThrow();
            String name = tree.base().relative(to);
            if (tree.at(path).filter(found -> found.id() != row.id()).isPresent()) {
                throw new LdapEntryAlreadyExistsException("there is one");
            }
            Sql.update(connection(), "update ldap_entry set parent_id = ? where id = ?", above.id(), row.id());
            store(row, entry, name, path, "rename");
            Sql.update(
                    connection(),
                    "update ldap_entry set path = ? || substr(path, ?), dn = left(dn, length(dn) - ?) || ?"
                            + " where path > ? and path < ?",
                    path,
                    row.path().length() + 1,
                    row.dn().length(),
                    name,
                    row.path(),
                    Base.above(row.path()));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void remove(Entry entry, Ava ava) throws LdapException {
        Attribute attribute = entry.get(schemaManager.getAttributeType(ava.getType()));
        if (attribute != null) {
            attribute.remove(ava.getValue().getString());
            if (attribute.size() == 0) {
                entry.remove(attribute);
            }
        }
    }

    private void store(Row row, Entry entry, String dn, String path, String kind) throws SQLException {
        Map<String, List<String>> kept = codec.kept(entry);
        Sql.update(
                connection(),
                "update ldap_entry set path = ?, dn = ?, attrs = ?::jsonb, changed = ? where id = ?",
                path,
                dn,
                Json.write(kept),
                now(),
                row.id());
        indexed(row.id());
        told(row.uuid(), kind, dn);
    }

    private Row existing(Dn name) throws SQLException, LdapException {
        return tree.locked(name).orElseThrow(() -> new LdapNoSuchObjectException("no such entry"));
    }

    private void indexed(long id) throws SQLException {
        Sql.first(connection(), row -> true, "select ldap_reindex(?)", (Object) new Long[] {id});
    }

    private void told(UUID uuid, String kind, String dn) throws SQLException {
        Sql.update(
                connection(),
                "insert into ldap_change(at, entry_uuid, kind, dn) values (?, ?, ?, ?)",
                now(),
                uuid,
                kind,
                dn);
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Connection connection() {
        return Tree.WRITING.get();
    }

    private static LdapException failed(SQLException e) {
        return new LdapOtherException("PostgreSQL", e);
    }

    /** The transaction is the caller's. */
    private static final class Outside extends PartitionWriteTxn {
        private boolean closed;

        @Override
        public void commit() {
            closed = true;
        }

        @Override
        public void abort() {
            closed = true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
