package tg.gouv.messagerie.directory.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Device;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Use;
import tg.gouv.messagerie.directory.signin.SignInStore;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;

/** Reads device passwords out of rows. */
final class DeviceRows {
    private DeviceRows() {}

    /** The columns of {@link #read}. */
    static final String COLUMNS =
            "id, name, array_to_string(protocols, ','), made, expires, used, used_network::text, used_by";

    static Device read(ResultSet row) throws SQLException {
        return new Device(
                row.getObject(1, UUID.class),
                row.getString(2),
                protocols(row.getString(3)),
                Times.read(row, 4).orElseThrow(),
                Times.read(row, 5),
                use(Times.read(row, 6), row.getString(7), row.getString(8)));
    }

    /** Those of which six columns, the first of them this one, are arrays: ids, digests, protocols, and last uses. */
    static List<SignInStore.Device> aggregated(ResultSet row, int column) throws SQLException {
        Array ids = row.getArray(column);
        if (ids == null) {
            return List.of();
        }
        UUID[] id = (UUID[]) ids.getArray();
        byte[][] digest = (byte[][]) row.getArray(column + 1).getArray();
        String[] protocols = (String[]) row.getArray(column + 2).getArray();
        Timestamp[] used = (Timestamp[]) row.getArray(column + 3).getArray();
        String[] networks = (String[]) row.getArray(column + 4).getArray();
        String[] by = (String[]) row.getArray(column + 5).getArray();
        List<SignInStore.Device> devices = new ArrayList<>();
        for (int i = 0; i < id.length; i++) {
            devices.add(new SignInStore.Device(
                    id[i],
                    digest[i],
                    protocols(protocols[i]),
                    use(Optional.ofNullable(used[i]).map(Timestamp::toInstant), networks[i], by[i])));
        }
        return devices;
    }

    static String word(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    private static Set<Protocol> protocols(String words) {
        return Arrays.stream(words.split(",")).map(DeviceRows::protocol).collect(Collectors.toSet());
    }

    private static Protocol protocol(String word) {
        return Protocol.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static Optional<Use> use(Optional<Instant> at, @Nullable String network, @Nullable String by) {
        return network == null || by == null ? Optional.empty() : at.map(it -> new Use(it, network, protocol(by)));
    }
}
