// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';
import { configure } from '@testing-library/react';

// Elements hidden by styles are not what these tests are about, and jsdom works out the style of an element
// by trying every rule of the page: with Grafana's components that is most of the time of a test.
configure({ defaultHidden: true });
window.getComputedStyle = (element) => element.style;

// jsdom has no layout, and so no observer of it; Grafana's scroll indicators create one.
class NothingToObserve {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}
Object.assign(global, { IntersectionObserver: NothingToObserve, ResizeObserver: NothingToObserve });
