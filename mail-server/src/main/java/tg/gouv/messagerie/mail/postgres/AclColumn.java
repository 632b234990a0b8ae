package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.UnsupportedRightException;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxACL.EntryKey;
import org.apache.james.mailbox.model.MailboxACL.NameType;
import org.apache.james.mailbox.model.MailboxACL.Rfc4314Rights;
import tg.gouv.messagerie.directory.AccountId;

/**
 * The column {@code acl}: an access control list (RFC 4314) whose people are account ids, written as James writes its own.
 *
 * <p>An entry of an account that no longer exists is not shown, and goes when the list is next replaced.
 */
final class AclColumn {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AclColumn() {}

    static MailboxACL read(String json) {
        try {
            Map<EntryKey, Rfc4314Rights> entries = new HashMap<>();
            for (var entry : JSON.readValue(json, new TypeReference<Map<String, String>>() {})
                    .entrySet()) {
                entries.put(EntryKey.deserialize(entry.getKey()), Rfc4314Rights.deserialize(entry.getValue()));
            }
            return new MailboxACL(entries);
        } catch (JsonProcessingException | UnsupportedRightException e) {
            throw new IllegalStateException("column acl: " + json, e);
        }
    }

    static String write(MailboxACL acl) {
        Map<String, String> entries = new TreeMap<>();
        acl.getEntries().forEach((key, rights) -> entries.put(key.serialize(), rights.serialize()));
        try {
            return JSON.writeValueAsString(entries);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An entry as the audit trail tells it: {@code 0199…=lrs}. */
    static String told(EntryKey stored, Rfc4314Rights rights) {
        return stored.serialize() + "=" + rights.serialize();
    }

    /** The accounts of a list as it is stored. */
    static Stream<AccountId> accounts(MailboxACL stored) {
        return stored.getEntries().keySet().stream()
                .filter(key -> key.getNameType() == NameType.user)
                .map(AclColumn::account);
    }

    /** A stored list with names instead of ids. */
    static MailboxACL named(MailboxACL stored, Map<AccountId, Username> names) {
        Map<EntryKey, Rfc4314Rights> entries = new HashMap<>();
        stored.getEntries().forEach((key, rights) -> named(key, names).ifPresent(name -> entries.put(name, rights)));
        return new MailboxACL(entries);
    }

    /** A list with ids instead of names. */
    static MailboxACL stored(MailboxACL named, AccountNames accounts) throws MailboxException {
        Map<EntryKey, Rfc4314Rights> entries = new HashMap<>();
        for (var entry : named.getEntries().entrySet()) {
            entries.put(stored(entry.getKey(), accounts), entry.getValue());
        }
        return new MailboxACL(entries);
    }

    /**
     * An identifier with an id instead of a name.
     *
     * @throws MailboxException if no account has this address
     */
    static EntryKey stored(EntryKey key, AccountNames accounts) throws MailboxException {
        if (key.getNameType() != NameType.user) {
            return key;
        }
        AccountId account = accounts.account(Username.of(key.getName()))
                .orElseThrow(() ->
                        new MailboxException("Rights go to accounts, and no account has the address " + key.getName()));
        return new EntryKey(account.toString(), NameType.user, key.isNegative());
    }

    private static Optional<EntryKey> named(EntryKey key, Map<AccountId, Username> names) {
        if (key.getNameType() != NameType.user) {
            return Optional.of(key);
        }
        return Optional.ofNullable(names.get(account(key)))
                .map(name -> EntryKey.createUserEntryKey(name, key.isNegative()));
    }

    private static AccountId account(EntryKey key) {
        return new AccountId(UUID.fromString(key.getName()));
    }
}
