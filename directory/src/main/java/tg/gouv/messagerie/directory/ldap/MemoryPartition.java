package tg.gouv.messagerie.directory.ldap;

import java.util.Map;
import java.util.TreeMap;
import org.apache.directory.api.ldap.model.entry.AttributeUtils;
import org.apache.directory.api.ldap.model.entry.Entry;
import org.apache.directory.api.ldap.model.entry.Modification;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.exception.LdapUnwillingToPerformException;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.name.Dn;
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

/** A few entries in memory: {@code ou=system} and {@code ou=schema}, without which ApacheDS does not start. Nobody reaches them. */
final class MemoryPartition extends QuietPartition {
    private final Map<String, Entry> entries = new TreeMap<>();

    MemoryPartition(String id, SchemaManager schema, String suffix) throws LdapException {
        this.id = id;
        this.schemaManager = schema;
        this.suffixDn = new Dn(schema, suffix);
    }

    synchronized void put(Entry entry) {
        entries.put(entry.getDn().getNormName(), entry);
    }

    @Override
    public void setSuffixDn(Dn suffix) {}

    @Override
    public void setId(String id) {}

    @Override
    public PartitionWriteTxn beginWriteTransaction() {
        return new PartitionWriteTxn() {
            @Override
            public void commit() {}

            @Override
            public void abort() {}

            @Override
            public boolean isClosed() {
                return false;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void add(AddOperationContext context) {
        put(context.getEntry() instanceof ClonedServerEntry cloned ? cloned.getClonedEntry() : context.getEntry());
    }

    @Override
    public synchronized @Nullable Entry lookup(LookupOperationContext context) {
        Entry entry = entries.get(context.getDn().getNormName());
        return entry == null ? null : new ClonedServerEntry(entry);
    }

    @Override
    public synchronized boolean hasEntry(HasEntryOperationContext context) {
        return entries.containsKey(context.getDn().getNormName());
    }

    @Override
    public synchronized void modify(ModifyOperationContext context) throws LdapException {
        Entry entry = entries.get(context.getDn().getNormName());
        if (entry == null) {
            throw refused();
        }
        for (Modification each : context.getModItems()) {
            AttributeUtils.applyModification(entry, each);
        }
        context.setAlteredEntry(new ClonedServerEntry(entry));
    }

    @Override
    public EntryFilteringCursor search(SearchOperationContext context) throws LdapException {
        throw refused();
    }

    @Override
    public Entry delete(DeleteOperationContext context) throws LdapException {
        throw refused();
    }

    @Override
    public void rename(RenameOperationContext context) throws LdapException {
        throw refused();
    }

    @Override
    public void move(MoveOperationContext context) throws LdapException {
        throw refused();
    }

    @Override
    public void moveAndRename(MoveAndRenameOperationContext context) throws LdapException {
        throw refused();
    }

    @Override
    public Subordinates getSubordinates(PartitionTxn transaction, Entry entry) {
        return new Subordinates();
    }

    private static LdapException refused() {
        return new LdapUnwillingToPerformException(ResultCodeEnum.UNWILLING_TO_PERFORM, "read only");
    }
}
