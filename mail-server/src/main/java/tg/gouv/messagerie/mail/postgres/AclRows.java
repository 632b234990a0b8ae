package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.UnsupportedRightException;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxACL.EntryKey;
import org.apache.james.mailbox.model.MailboxACL.NameType;
import org.apache.james.mailbox.model.MailboxACL.Rfc4314Rights;

/** Access control lists (RFC 4314) as JSON, their users named by account id. */
final class AclRows {
    private static final JsonMapper JSON = new JsonMapper();

    private final OwnerNames names;

    AclRows(OwnerNames names) {
        this.names = names;
    }

    /** The accounts that a stored list names. */
    static List<UUID> accounts(String json) {
        return read(json).keySet().stream()
                .map(EntryKey::deserialize)
                .filter(key -> key.getNameType() == NameType.user)
                .map(key -> UUID.fromString(key.getName()))
                .toList();
    }

    /**
     * The list as James sees it; what was granted to an account that no longer exists is left out.
     *
     * @param users the names of the accounts
     */
    static MailboxACL acl(String json, Map<UUID, Username> users) throws UnsupportedRightException {
        Map<EntryKey, Rfc4314Rights> entries = new HashMap<>();
        for (Map.Entry<String, String> stored : read(json).entrySet()) {
            EntryKey key = EntryKey.deserialize(stored.getKey());
            Rfc4314Rights rights = Rfc4314Rights.deserialize(stored.getValue());
            if (key.getNameType() == NameType.user) {
                Optional.ofNullable(users.get(UUID.fromString(key.getName())))
                        .ifPresent(user -> entries.put(EntryKey.createUserEntryKey(user, key.isNegative()), rights));
            } else {
                entries.put(key, rights);
            }
        }
        return new MailboxACL(entries);
    }

    /**
     * The list as it is stored.
     *
     * @throws MailboxException if it names a user who has no account
     */
    String json(MailboxACL acl) throws MailboxException {
        Map<String, String> entries = new TreeMap<>();
        for (Map.Entry<EntryKey, Rfc4314Rights> entry : acl.getEntries().entrySet()) {
            entries.put(stored(entry.getKey()), entry.getValue().serialize());
        }
        try {
            return JSON.writeValueAsString(entries);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How the rights of an account itself are found in a stored list. */
    static String key(UUID account) {
        return EntryKey.createUserEntryKey(Username.of(account.toString())).serialize();
    }

    private String stored(EntryKey key) throws MailboxException {
        if (key.getNameType() != NameType.user) {
            return key.serialize();
        }
        UUID account = names.id(Username.of(key.getName()))
                .orElseThrow(() -> new MailboxException("no account is called " + key.getName()));
        return EntryKey.createUserEntryKey(Username.of(account.toString()), key.isNegative())
                .serialize();
    }

    private static Map<String, String> read(String json) {
        try {
            return Objects.requireNonNull(JSON.readValue(json, new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("column acl: " + json, e);
        }
    }
}
