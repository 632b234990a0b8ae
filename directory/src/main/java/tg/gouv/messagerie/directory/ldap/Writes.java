package tg.gouv.messagerie.directory.ldap;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.directory.api.ldap.model.entry.Attribute;
import org.apache.directory.api.ldap.model.entry.Value;
import org.apache.directory.api.ldap.model.message.AddRequest;
import org.apache.directory.api.ldap.model.message.DeleteRequest;
import org.apache.directory.api.ldap.model.message.ModifyDnRequest;
import org.apache.directory.api.ldap.model.message.ModifyRequest;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.message.ResultResponse;
import org.apache.directory.api.ldap.model.message.ResultResponseRequest;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.name.Rdn;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.server.core.api.CoreSession;
import org.apache.directory.server.ldap.LdapSession;
import org.apache.directory.server.ldap.handlers.LdapRequestHandler;
import tg.gouv.messagerie.directory.ldap.Client.Who;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * One request is one transaction, its audit row in it; the answer leaves after the commit. What people, positions and entities are is
 * changed by the acts of the directory alone, whoever asks (Acts).
 */
/** Adds, changes and removes entries below {@code ou=applications}; changes what the directory shows by its acts. */
final class Writes {
    private static final String APPLICATIONS = "ou=applications\u0001";

    /** By what people are known: an entry of an application that had the same would be taken for theirs. */
    private static final Set<String> PEOPLES = Set.of("uid", "mail", "gouvmailalternateaddress");

    private final Tree tree;
    private final ApacheCore core;
    private final AuditTrail trail;
    private final OwnPassword.Audited audited;
    private final Acts acts;

    Writes(Tree tree, ApacheCore core, AuditTrail trail, OwnPassword.Audited audited, Acts acts) {
        this.tree = tree;
        this.core = core;
        this.trail = trail;
        this.audited = audited;
        this.acts = acts;
    }

    /** What is done to an entry inside a transaction. */
    @FunctionalInterface
    private interface Change {
        void on(CoreSession session) throws Exception;
    }

    LdapRequestHandler<AddRequest> add() {
        return new Handler<>() {
            @Override
            void change(Client client, AddRequest request) throws Exception {
                Who who = judged(client, request.getEntryDn());
                for (Attribute attribute : request.getEntry()) {
                    judge(attribute);
                }
                written(
                        client,
                        who,
                        request.getEntryDn(),
                        () -> request.getEntry().getAttributes(),
                        session -> session.add(request));
            }
        };
    }

    LdapRequestHandler<DeleteRequest> delete() {
        return new Handler<>() {
            @Override
            void change(Client client, DeleteRequest request) throws Exception {
                Who who = judged(client, request.getName());
                Row row = tree.at(request.getName())
                        .orElseThrow(() -> new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry"));
                if (tree.hasChildren(row.id())) {
                    throw new Refusal(ResultCodeEnum.NOT_ALLOWED_ON_NON_LEAF, "the entry has others below it");
                }
                written(client, who, request.getName(), List::of, session -> session.delete(request));
            }
        };
    }

    LdapRequestHandler<ModifyRequest> modify() {
        return new Handler<>() {
            @Override
            void change(Client client, ModifyRequest request) throws Exception {
                Optional<Row> shown = isApplications(request.getName())
                        ? Optional.empty()
                        : tree.at(request.getName()).filter(row -> row.source().isPresent());
                if (shown.isPresent()) {
                    Who asks = client.demandWho();
                    acts.modify(shown.get(), request.getModifications(), audited.of(client, asks)::run);
                    return;
                }
                Who who = judged(client, request.getName());
                List<Attribute> attributes = new ArrayList<>();
                for (var each : request.getModifications()) {
                    judge(each.getAttribute());
                    attributes.add(each.getAttribute());
                }
                written(client, who, request.getName(), () -> attributes, session -> session.modify(request));
            }
        };
    }

    LdapRequestHandler<ModifyDnRequest> modifyDn() {
        return new Handler<>() {
            @Override
            void change(Client client, ModifyDnRequest request) throws Exception {
                Dn name = request.getName();
                Who who = judged(client, name);
                Rdn rdn = new Rdn(tree.base().schema(), request.getNewRdn().getName());
                Dn above = request.getNewSuperior() == null ? name.getParent() : request.getNewSuperior();
                Dn target = new Dn(tree.base().schema(), rdn.getName() + "," + above.getName());
                judged(client, target);
                written(client, who, name, List::of, session -> {
                    if (request.getNewSuperior() == null) {
                        session.rename(name, rdn, request.getDeleteOldRdn());
                    } else {
                        session.moveAndRename(name, above, rdn, request.getDeleteOldRdn());
                    }
                });
            }
        };
    }

    /** A handler whose change is answered by its outcome. */
    private abstract static class Handler<R extends ResultResponseRequest> extends LdapRequestHandler<R> {
        abstract void change(Client client, R request) throws Exception;

        @Override
        public void handle(LdapSession session, R request) {
            ResultResponse response = request.getResultResponse();
            Answers.of(response, () -> {
                Answers.demandKnown(request);
                change(new Client(session.getIoSession()), request);
            });
            session.getIoSession().write(response);
        }
    }

    private boolean isApplications(Dn name) {
        Optional<String> path = tree.base().path(name);
        return path.isPresent()
                && path.get().startsWith(APPLICATIONS)
                && !path.get().equals(APPLICATIONS);
    }

    private Who judged(Client client, Dn name) throws Refusal {
        Who who = client.demandWho();
        Optional<String> path = tree.base().path(name);
        if (path.isEmpty()) {
            throw new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "entries are below the base of this server");
        }
        if (!isApplications(name)) {
            throw new Refusal(
                    who.administrator()
                            ? ResultCodeEnum.UNWILLING_TO_PERFORM
                            : ResultCodeEnum.INSUFFICIENT_ACCESS_RIGHTS,
                    "people, positions, entities, functions and groups are made and ended by acts of the directory, and their names"
                            + " never change; entries of applications are below ou=applications");
        }
        if (!who.administrator()) {
            throw new Refusal(
                    ResultCodeEnum.INSUFFICIENT_ACCESS_RIGHTS, "only administrators write below ou=applications");
        }
        return who;
    }

    private void judge(Attribute attribute) throws Refusal {
        AttributeType type = tree.base().schema().getAttributeType(attribute.getId());
        String name = type == null ? attribute.getId() : type.getName();
        if (Privacy.isSecret(name)) {
            throw new Refusal(
                    ResultCodeEnum.UNWILLING_TO_PERFORM,
                    "entries have no passwords: who signs in has an account of the directory");
        }
        if (type != null && !type.isUserModifiable()) {
            throw new Refusal(
                    ResultCodeEnum.CONSTRAINT_VIOLATION, "operational attributes are written by the server alone");
        }
    }

    /** Which attributes a change gives. */
    @FunctionalInterface
    private interface Given {
        Iterable<Attribute> attributes();
    }

    private void written(Client client, Who who, Dn name, Given given, Change change) throws Exception {
        tree.connections().<Boolean, Exception>transaction(connection -> {
            ScopedValue.where(Tree.WRITING, connection).call(() -> {
                demandNobodys(connection, given.attributes());
                change.on(core.session());
                String relative = tree.base().relative(name);
                String subject = relative.length() > 320 ? relative.substring(0, 320) : relative;
                trail.record(
                        connection,
                        List.of(new DirectoryChange(
                                audited.of(client, who),
                                DirectoryChange.Act.LDAP_ENTRY,
                                new Subject(Subject.Kind.ENTRY, subject))));
                return true;
            });
            return true;
        });
    }

    private void demandNobodys(Connection connection, Iterable<Attribute> attributes) throws SQLException, Refusal {
        for (Attribute attribute : attributes) {
            AttributeType type = tree.base().schema().getAttributeType(attribute.getId());
            if (type == null || !PEOPLES.contains(type.getName().toLowerCase(Locale.ROOT))) {
                continue;
            }
            List<String> values = new ArrayList<>();
            for (Value value : attribute) {
                values.add(Folded.indexed(value.getString() == null ? "" : value.getString()));
            }
            boolean taken = Sql.first(
                            connection, row -> true, """
                            select from ldap_index i join ldap_entry e on e.id = i.entry_id
                            where i.attr = any(?) and i.value = any(?) and e.source is not null limit 1
                            """, PEOPLES.toArray(String[]::new), values.toArray(String[]::new))
                    .isPresent();
            if (taken) {
                throw new Refusal(
                        ResultCodeEnum.CONSTRAINT_VIOLATION, "somebody of the directory has this name or address");
            }
        }
    }
}
