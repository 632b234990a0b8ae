package tg.gouv.messagerie.portal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in paths: RFC 3986 sections 2.4 and 3.3. */
class SegmentTest {
    @ParameterizedTest
    @CsvSource({
        "afi.mensah@gouv.tg, afi.mensah@gouv.tg",
        "a/b?c#d@gouv.tg, a%2Fb%3Fc%23d@gouv.tg",
        "100%2f+1, 100%252f%2B1",
        "é à, %C3%A9%20%C3%A0"
    })
    void aNameIsOneSegment(String name, String segment) {
        assertThat(Segment.of(name)).isEqualTo(segment);
        assertThat(Segment.name(segment)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b@gouv.tg", "%2F", "%252F", "a+b", "..", "é"})
    void whatIsWrittenIsReadOnce(String name) {
        assertThat(Route.get("/x/{name}/y", Route.Access.EVERYBODY, SegmentTest.class, _ -> Reply.to("/"))
                        .match("/x/" + Segment.of(name) + "/y"))
                .contains(Map.of("name", name));
    }

    @Test
    void jettyLeavesOnlySomeEscapesAndTheRestIsPlain() {
        assertThat(Segment.name("é!$&'%5E%2F+")).isEqualTo("é!$&'^/+");
    }
}
