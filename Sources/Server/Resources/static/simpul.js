// Small helps for those whose browser runs scripts. Every page works without them.
"use strict";

// Fields that are asked only when another has a certain value.
function showFields() {
    for (const field of document.querySelectorAll("[data-show-field]")) {
        const values = field.dataset.showValues.split(" ");
        const chosen = [...document.getElementsByName(field.dataset.showField)]
            .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
            .map((input) => input.value);
        field.hidden = !chosen.some((value) => values.includes(value));
    }
}

document.documentElement.classList.add("scripted");
document.addEventListener("change", showFields);
showFields();

// A second press on a button that is working does nothing. The server takes a form once in any case.
document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) {
        event.preventDefault();
        return;
    }
    if (event.target.method === "post") {
        event.target.dataset.sent = "yes";
        event.target.querySelector("button.primary")?.setAttribute("aria-busy", "true");
    }
});
// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
        delete form.dataset.sent;
        form.querySelector("button.primary")?.removeAttribute("aria-busy");
    }
});

// Esc hides everything at once. In a field the first Esc leaves the field, so that a stray key loses nothing typed.
document.addEventListener("keydown", (event) => {
    const hide = document.getElementById("hide");
    if (event.key !== "Escape" || !hide) return;
    if (document.activeElement?.matches("input, textarea, select")) {
        document.activeElement.blur();
        return;
    }
    document.body.hidden = true;
    document.title = "";
    hide.submit();
});

// Somebody who types is there: the laptop does not lock itself under their hands.
let asked = Date.now();
document.addEventListener("input", () => {
    if (!document.getElementById("hide") || Date.now() - asked < 60000) return;
    asked = Date.now();
    new Image().src = "/hidup?" + asked;
});
