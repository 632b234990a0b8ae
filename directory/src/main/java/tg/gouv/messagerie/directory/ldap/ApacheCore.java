package tg.gouv.messagerie.directory.ldap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.apache.directory.api.ldap.model.entry.DefaultEntry;
import org.apache.directory.api.ldap.model.entry.Entry;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.server.core.DefaultDirectoryService;
import org.apache.directory.server.core.DefaultOperationManager;
import org.apache.directory.server.core.api.CoreSession;
import org.apache.directory.server.core.api.DirectoryService;
import org.apache.directory.server.core.api.InstanceLayout;
import org.apache.directory.server.core.api.OperationManager;
import org.apache.directory.server.core.api.ReferralManager;
import org.apache.directory.server.core.api.interceptor.Interceptor;
import org.apache.directory.server.core.api.schema.SchemaPartition;
import org.apache.directory.server.core.authn.AuthenticationInterceptor;
import org.apache.directory.server.core.exception.ExceptionInterceptor;
import org.apache.directory.server.core.normalization.NormalizationInterceptor;
import org.apache.directory.server.core.schema.SchemaInterceptor;
import org.jspecify.annotations.Nullable;

/** ApacheDS's core over the entries in PostgreSQL: what a write must obey. It keeps nothing. */
final class ApacheCore implements AutoCloseable {
    private static final String NOW = "20260101000000Z";
    private static final String ADMIN = "uid=admin,ou=system";

    private final Service service;
    private final Path scratch;

    private ApacheCore(Service service, Path scratch) {
        this.service = service;
        this.scratch = scratch;
    }

    static ApacheCore start(SchemaManager schema, Tree tree, InstantSource clock, int requestBytesMax) {
        try {
            Path scratch = Files.createTempDirectory("messagerie-ldap"); // of its lock file
            Service service = new Service();
            service.setInstanceId("messagerie");
            service.setInstanceLayout(new InstanceLayout(scratch.toFile()));
            service.setSchemaManager(schema);
            SchemaPartition schemas = new SchemaPartition(schema);
            MemoryPartition modifications = new MemoryPartition("schema", schema, "ou=schema");
            modifications.put(new DefaultEntry(
                    schema,
                    "ou=schemaModifications,ou=schema",
                    "objectClass: top",
                    "objectClass: schemaModificationAttributes",
                    "ou: schemaModifications",
                    "modifiersName: " + ADMIN,
                    "modifyTimestamp: " + NOW,
                    "creatorsName: " + ADMIN,
                    "createTimestamp: " + NOW,
                    "subschemaSubentry: cn=schema",
                    "schemaModifyTimestamp: " + NOW,
                    "schemaModifiersName: " + ADMIN));
            schemas.setWrappedPartition(modifications);
            service.setSchemaPartition(schemas);
            service.setSystemPartition(new MemoryPartition("system", schema, "ou=system"));
            service.addPartition(new TreePartition(schema, tree, clock));
            service.setReferralManager(new NoReferrals());
            service.getChangeLog().setEnabled(false);
            service.setAllowAnonymousAccess(true); // who may do what is decided in front of it
            service.setShutdownHookEnabled(false);
            service.setMaxPDUSize(requestBytesMax);
            service.setDenormalizeOpAttrsEnabled(false);
            AuthenticationInterceptor authentication = new AuthenticationInterceptor();
            authentication.setAuthenticators(new HashSet<>());
            service.setInterceptors(List.<Interceptor>of(
                    new NormalizationInterceptor(),
                    authentication,
                    new ExceptionInterceptor(),
                    new SchemaInterceptor()));
            service.startup();
            return new ApacheCore(service, scratch);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("LDAP cannot be started", e);
        }
    }

    DirectoryService service() {
        return service;
    }

    /** Passes writes through the interceptors; who asked was judged before. */
    CoreSession session() {
        return service.getAdminSession();
    }

    @Override
    public void close() {
        try {
            service.shutdown();
        } catch (Exception e) {
            throw new IllegalStateException("ApacheDS does not stop", e);
        } finally {
            remove();
        }
    }

    private void remove() {
        try (Stream<Path> all = Files.walk(scratch)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ApacheDS runs every write, fsync included, under one lock that also stops all reads. PostgreSQL isolates; there is no lock. */
    private static final class Service extends DefaultDirectoryService {
        private final OperationManager operations = new DefaultOperationManager(this) {
            @Override
            public void lockRead() {}

            @Override
            public void unlockRead() {}

            @Override
            public void lockWrite() {}

            @Override
            public void unlockWrite() {}
        };

        Service() throws Exception {}

        @Override
        public OperationManager getOperationManager() {
            return operations;
        }
    }

    /** There are no referrals: the stock one looks for them everywhere at the start, and locks at each operation. */
    private static final class NoReferrals implements ReferralManager {
        @Override
        public void lockRead() {}

        @Override
        public void lockWrite() {}

        @Override
        public void unlock() {}

        @Override
        public boolean isReferral(Dn name) {
            return false;
        }

        @Override
        public boolean hasParentReferral(Dn name) {
            return false;
        }

        @Override
        public @Nullable Entry getParentReferral(Dn name) {
            return null;
        }

        @Override
        public void addReferral(Entry entry) {}

        @Override
        public void removeReferral(Entry entry) {}

        @Override
        public void init(DirectoryService directoryService, String... suffixes) {}

        @Override
        public void remove(DirectoryService directoryService, Dn suffix) {}
    }
}
