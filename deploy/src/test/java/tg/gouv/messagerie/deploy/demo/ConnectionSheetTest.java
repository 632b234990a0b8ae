package tg.gouv.messagerie.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionSheetTest {
    private final ConnectionSheet sheet = new ConnectionSheet(
            ConnectionSheet.FORMAT,
            "gouv.tg",
            "localhost",
            "/a State's data/tls/ca.pem",
            new LinkedHashMap<>(Map.of("imaps", 5993)),
            Map.of("jmap", "https://localhost:5443/.well-known/jmap"),
            "dc=gouv,dc=tg",
            Map.of("messagerie", 4_294_967_296L),
            List.of(new ConnectionSheet.SheetAccount(
                    "Aïchatou Boukari",
                    "aichatou.boukari@gouv.tg",
                    "aichatou.boukari@gouv.tg",
                    "uid=aichatou.boukari,ou=people,dc=gouv,dc=tg",
                    "abcde-fghjk-mnpqr-stuvw",
                    List.of("person"),
                    "Service du courrier")));

    @Test
    void saysEverythingUnderTheAgreedNames() throws Exception {
        JsonNode json = new JsonMapper().readTree(sheet.toJson());

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "format", "domain", "host", "ca", "ports", "urls", "ldapBase", "processes", "accounts");
        assertThat(json.at("/format").asInt()).isEqualTo(1);
        assertThat(json.at("/ca").asText()).isEqualTo("/a State's data/tls/ca.pem");
        assertThat(json.at("/ports/imaps").asInt()).isEqualTo(5993);
        assertThat(json.at("/processes/messagerie").asLong()).isEqualTo(4_294_967_296L);
        assertThat(json.at("/accounts/0").fieldNames())
                .toIterable()
                .containsExactly("name", "address", "login", "dn", "password", "roles", "entity");
        assertThat(json.at("/accounts/0/name").asText()).isEqualTo("Aïchatou Boukari");
    }

    @Test
    void printsNoPassword() {
        assertThat(sheet.toString()).doesNotContain("abcde");
    }
}
